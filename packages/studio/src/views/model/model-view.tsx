export const ModelView = () => null
