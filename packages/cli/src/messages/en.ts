// The English texts. Functions where a text holds values; numbers come formatted.

export const en = {
  help: {
    usage: 'Usage:',
    arguments: 'Arguments:',
    options: 'Options:',
    globalOptions: 'Options of every command:',
    commands: 'Commands:',
    default: (value: string) => `default: ${value}`,
    choices: (values: string) => `one of ${values}`,
    help: 'Show this help.',
    helpCommand: 'Show the help of a command.',
    version: 'Show the version.',
    program: 'Train, evaluate and use small image classifiers: LeNet and its family.',
    more: 'lenet COMMAND --help tells more about a command.',
    examples: 'Examples:',
  },

  verbs: {
    train: 'Train a model and save the run in a folder.',
    eval: 'Measure a trained model on a data set.',
    predict: 'Tell what is on pictures of your own.',
    summary: 'Show the layers of a model: shapes, parameters, cost.',
    doctor: 'Check this machine: Node, engine, threads, data.',
    export: 'Write a trained model in another format.',
    experiment: 'Run one of the experiments of the repository; without a name, list them.',
    bench: 'Measure how fast this machine trains a model, and what takes the time.',
    studio: 'Open the studio: a page to train, understand and try a model.',
  },

  arguments: {
    dataset: 'mnist, fashion-mnist, emnist-letters, cifar10, or a folder with one sub-folder of images a class',
    model: 'a run folder or a model file',
    modelOrName: 'a run folder, a model file, or the name of a model such as lenet',
    output: 'the file to write; its ending says the format (.safetensors, .pth, .onnx, .wasm)',
    images: 'image files (PNG, JPEG, WebP, …)',
    experiment: 'Name of a file in experiments, without its ending.',
    modelName: 'the name of a model such as lenet',
  },

  options: {
    model: 'The network to train.',
    recipe:
      'Settings that belong together; other options change single ones. speedrun: 99 % on MNIST, as soon as possible.',
    epochs: 'How often to go through the training images.',
    batch: 'Images in one training step.',
    optimizer: 'The rule that changes the weights.',
    lr: 'Learning rate: the size of the steps.',
    momentum: 'How much of the last step goes into the next, from 0 to 1 (sgd).',
    weightDecay: 'Pulls weights towards zero by this much.',
    schedule: 'How the learning rate changes during training.',
    augment: 'Shift, turn and scale the training images a little, differently every time.',
    validation: 'Hold back this many training images to choose the best epoch with.',
    limit: 'Use only the first so many training images.',
    seed: 'Start of all random numbers. The same seed gives the same weights, to the last bit.',
    threads: 'Threads to compute with. Their number does not change the result.',
    engine: 'What computes: native (fastest, needs a C compiler), wasm, reference (slow, the definition), or auto.',
    fast: 'Round a multiplication and its addition once: faster, but the result is this machine’s own.',
    out: 'Folder of the run.',
    resume: 'Go on with an interrupted run, exactly where it stopped.',
    earlyStop: 'Stop when validation has not improved for this many epochs.',
    json: 'Print one JSON object a line, and nothing else, on standard output.',
    dataDir: 'Folder with data sets; also LENET_DATA.',
    port: 'Port of the page on this machine.',
    noOpen: 'Only tell the address, open no browser.',
    lang: 'Language of the texts: en or zh.',
    as: 'The model that a bare file of weights belongs to.',
    mean: 'Mean of each channel, for a file that does not say.',
    std: 'Standard deviation of each channel, for a file that does not say.',
    labels: 'Names of the classes, separated by commas.',
    map: 'Which array of the file is which parameter: fc3.weight=head.weight,…',
    from: 'Start from the weights of this model (fine-tuning).',
    freeze: "Parameters that stay as they are, such as 'conv*'.",
    reset: 'Entries that start anew, such as fc3.',
    svg: 'Print the figure of the network as SVG.',
    kernels: 'Show every equation: its time, share and speed.',
    benchEngine: 'What to measure: native or wasm; both unless said otherwise.',
  },

  train: {
    reading: (dataset: string) => `Reading ${dataset} …`,
    data: (train: string, validation: string | undefined, test: string | undefined) =>
      [
        `${train} training images`,
        ...(validation === undefined ? [] : [`${validation} held back for validation`]),
        ...(test === undefined ? [] : [`${test} test images`]),
      ].join(', '),
    model: (name: string, parameters: string) => `${name}: ${parameters} parameters`,
    engine: (name: string, threads: number, seed: number) =>
      `Computing with ${name} on ${threads} ${threads === 1 ? 'thread' : 'threads'}, seed ${seed}`,
    fastEngine: (name: string) => `${name}, fast arithmetic,`,
    compiling: 'Compiling the network …',
    fallback: (reason: string) => `Going on with wasm: ${reason}`,
    resumed: (epoch: number, step: number) => `Going on in epoch ${epoch} after step ${step}`,
    complete: (run: string) => `The run ${run} is complete; there is nothing to resume.`,
    stoppedEarly: (epochs: number) =>
      `Stopped: no better validation for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    interrupting: 'Finishing this step and saving … (Ctrl-C again stops at once)',
    interrupted: (run: string) => `Interrupted. Everything up to here is saved in ${run}`,
    goOn: (command: string) => `Go on with:  ${command}`,
    test: (accuracy: string, errors: string, samples: string) =>
      `Test accuracy ${accuracy}  (${errors} of ${samples} wrong)`,
    noTest: 'This data set has no test images; see the validation accuracy.',
    best: (epoch: number, accuracy: string) => `Best by validation: epoch ${epoch}, ${accuracy}`,
    weights: (hash: string) => `Weights ${hash}`,
    took: (seconds: string) => `Took ${seconds}`,
    saved: (run: string) => `Saved in ${run}`,
    next: 'What to do next:',
    nextPredict: 'try a digit of your own',
    nextEval: 'see which ones it gets wrong',
    nextSummary: 'look at its layers',
  },

  progress: {
    epoch: (epoch: number, epochs: number) => `epoch ${epoch}/${epochs}`,
    loss: (value: string) => `loss ${value}`,
    accuracy: (value: string) => `accuracy ${value}`,
    validation: (value: string) => `validation ${value}`,
    rate: (imagesPerSecond: string) => `${imagesPerSecond} images/s`,
    left: (time: string) => `${time} left`,
    download: (name: string) => `Downloading ${name}`,
  },

  curves: {
    loss: 'Loss',
    accuracy: 'Accuracy',
    train: 'train',
    validation: 'validation',
    epoch: (epoch: number) => `epoch ${epoch}`,
  },

  evaluation: {
    accuracy: (accuracy: string, errors: string, samples: string) =>
      `Accuracy ${accuracy}  (${errors} of ${samples} wrong)`,
    loss: (value: string) => `Loss ${value}`,
    confusion: 'Confusion: a row is the true class, a column the answer',
    perClass: 'right',
    mistakes: 'Most frequent mistakes',
    worst: 'Worst mistakes: wrong and sure of it',
    readAs: (truth: string, answer: string, times: string) => `${truth} read as ${answer}: ${times}`,
    mistake: (truth: string, answer: string, probability: string) => `${truth} read as ${answer}, ${probability} sure`,
    noMistakes: 'No mistakes.',
  },

  import: {
    renamed: (arrays: string) => `${arrays} arrays have other names in this file and were matched by order and shape:`,
    alsoFits: (model: string, others: string) =>
      `Taken for ${model}; ${others} has the same weights (--as says which it is)`,
    guessed: 'This file says nothing about normalisation: pixels from 0 to 1 are taken as they are (--mean, --std).',
  },

  export: {
    written: (file: string, size: string) => `Wrote ${file} (${size})`,
    equal: (images: string) => `Read back: equal scores on ${images} images`,
    beside: (file: string) => `Classes, normalisation and layers are in ${file}, beside it`,
  },

  studio: {
    at: (address: string) => `The studio is at ${address}`,
    stop: 'Ctrl-C ends it.',
    noPort: (port: string) => `lenet studio: --port is ${port}; give a whole number from 0 to 65535`,
    portTaken: (port: number) => `lenet studio: --port ${port} is taken; give another, or 0 for any that is free`,
  },

  predict: {
    answer: (label: string, probability: string) => `${label}  (${probability})`,
    unreadable: (file: string, reason: string) => `${file}: ${reason}`,
    prepared: 'What the network sees:',
  },

  summary: {
    layer: 'layer',
    kind: 'kind',
    output: 'output',
    parameters: 'parameters',
    share: 'share',
    multiplyAdds: 'multiply-adds',
    connections: 'connections',
    receptiveField: 'sees',
    jump: 'jump',
    memory: 'memory',
    input: 'input',
    total: 'total',
    everything: 'all',
  },

  bench: {
    step: (engine: string, rate: string, microseconds: string, peak: string) =>
      `${engine}: ${rate} images/s in training on one thread, ${microseconds} µs an image; one core reaches ${peak} GFLOP/s`,
    microseconds: 'µs an image',
    ofPeak: 'of peak',
    equation: 'equation (and how many are computed with it)',
    small: (kernels: string) => `${kernels} small ones`,
    rest: 'samples in and out, optimizer, memory',
  },

  doctor: {
    good: 'good',
    bad: 'missing',
    node: (version: string) => `Node ${version}`,
    nodeOld: (version: string, least: string) => `Node ${version} is too old; lenet needs ${least} or newer`,
    cores: (cores: number) => `${cores} ${cores === 1 ? 'processor' : 'processors'}`,
    simd: 'WebAssembly SIMD',
    noSimd: 'WebAssembly SIMD is missing; only the slow reference engine works here',
    threads: (threads: number) => `Threads over shared memory (${threads})`,
    noThreads: 'No shared memory: lenet computes on one thread',
    engine: (name: string, rate: string) => `Engine ${name}: ${rate} images/s`,
    compiler: (version: string, lanes: number) =>
      `C compiler for engine native: ${version}, vectors of ${lanes} floats`,
    noNative: (reason: string) => `Training runs with wasm: ${reason}`,
    sharp: 'sharp reads PNG, JPEG and WebP',
    noSharp: 'sharp is missing: folders of images and predict do not work; install it with npm install sharp',
    data: (dataset: string, place: string) => `${dataset} in ${place}`,
    noData: (dataset: string) => `${dataset} is not here yet; it will be downloaded when you train on it`,
    allGood: 'Everything works. Try:  npx lenet train',
    problems: (problems: number) => `${problems} ${problems === 1 ? 'problem' : 'problems'} found.`,
  },

  errors: {
    hint: (text: string) => `hint: ${text}`,
    number: (verb: string, option: string, value: string, example: string) =>
      `lenet ${verb}: ${option} is '${value}'; give a number such as ${example}`,
    whole: (verb: string, option: string, value: string, least: number) =>
      `lenet ${verb}: ${option} is '${value}'; give a whole number from ${least}`,
    range: (verb: string, option: string, value: string, low: number, high: number) =>
      `lenet ${verb}: ${option} is '${value}'; give a number from ${low} to ${high}`,
    oneOf: (verb: string, option: string, value: string, choices: string) =>
      `lenet ${verb}: ${option} is '${value}'; give one of ${choices}`,
    unknownCommand: (verb: string) => `lenet: there is no command '${verb}'`,
    unknownOption: (verb: string, option: string) => `lenet ${verb}: there is no option '${option}'`,
    missingArgument: (verb: string, name: string) => `lenet ${verb}: ${name} is missing`,
    missingValue: (verb: string, option: string) => `lenet ${verb}: ${option} needs a value`,
    tooMany: (verb: string, argument: string) => `lenet ${verb}: '${argument}' is one argument too many`,
    didYouMean: (word: string) => `did you mean '${word}'?`,
    seeHelp: (command: string) => `${command} --help lists what there is`,
    notAModel: (verb: string, model: string) => `lenet ${verb}: '${model}' is neither a run folder nor a model file`,
    unfinished: (verb: string, run: string) => `lenet ${verb}: the run '${run}' is not complete`,
    trainFirst: 'train one with:  npx lenet train',
    runExists: (run: string) => `lenet train: '${run}' holds a run already; give another --out, or --resume`,
    noExperiment: (name: string, names: string) => `lenet experiment: there is no '${name}'; there is ${names}`,
    noExperiments: 'lenet experiment: there is no folder experiments here; run it in the repository',
    nothingToResume: (run: string) => `lenet train: '${run}' holds no run to resume`,
    together: (verb: string, one: string, other: string) => `lenet ${verb}: ${one} and ${other} do not go together`,
    needs: (verb: string, one: string, other: string) => `lenet ${verb}: ${one} needs ${other}`,
    unexpected: 'lenet: an error that it did not expect; please report it with the lines below',
  },
}

export type Messages = typeof en
