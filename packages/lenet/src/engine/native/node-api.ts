// Node-API, as far as the modules use it. It is declared here and not included: it is a stable binary interface, and so no
// headers need to be installed.
import { block, type Lines } from './text.ts'

export const nodeApi: Lines = [
  'typedef struct env *env;',
  'typedef struct value *value;',
  'typedef value (*callback)(env, void *);',
  'int napi_get_cb_info(env, void *, size_t *, value *, value *, void **);',
  'int napi_get_arraybuffer_info(env, value, void **, size_t *);',
  'int napi_get_value_int32(env, value, int32_t *);',
  'int napi_get_value_double(env, value, double *);',
  'int napi_create_external_arraybuffer(env, void *, size_t, void (*)(env, void *, void *), void *, value *);',
  'int napi_create_function(env, const char *, size_t, callback, void *, value *);',
  'int napi_create_int32(env, int32_t, value *);',
  'int napi_set_named_property(env, value, const char *, value);',
]

/** What a module gives JavaScript: the function `js_NAME` of the text under each name. */
export const exported = (...names: readonly string[]): Lines => [
  block(
    '__attribute__((visibility("default"))) value napi_register_module_v1(env e, value exports)',
    `const struct { const char *name; callback function; } list[] = {${names.map((name) => `{"${name}", js_${name}}`).join(', ')}};`,
    block(
      'for (unsigned n = 0; n < sizeof(list) / sizeof(*list); n++)',
      'value function;',
      'napi_create_function(e, list[n].name, __builtin_strlen(list[n].name), list[n].function, 0, &function);',
      'napi_set_named_property(e, exports, list[n].name, function);',
    ),
    'return exports;',
  ),
  '__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }',
]
