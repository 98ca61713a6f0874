// The English texts. Functions where a text holds values; numbers come formatted.

import { dataEn } from './data.ts'
import { machineEn } from './machine.ts'

export const en = {
  help: {
    usage: 'Usage:',
    /** Of the line of usage. */
    words: { options: '[options]', command: '[command]' },
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
    runs: 'List the runs of a folder: those on the same data together, the best first.',
    summary: 'Show the layers of a model: shapes, parameters, cost.',
    doctor: 'Check this machine: Node, engine, threads, data.',
    export: 'Write a trained model in another format.',
    experiment: 'Run one of the experiments of the repository; without a name, list them.',
    bench: 'Measure how fast this machine trains a model, and what takes the time.',
    studio: 'Open the studio: a page to train, understand and try a model.',
  },

  arguments: {
    dataset:
      'mnist, fashion-mnist, emnist-letters, cifar10; a folder with one sub-folder of images a class (also below train, val, test); a .csv or .jsonl of paths and labels; an .npz',
    model: 'a run folder or a model file',
    modelOrName: 'a run folder, a model file, or the name of a model such as lenet',
    output: 'the file to write; its ending says the format (.safetensors, .pth, .onnx, .wasm)',
    images: 'image files (PNG, JPEG, WebP, …), or folders: all pictures in them, at any depth',
    runs: 'the folder of the runs; default: runs',
    experiment: 'Name of a file in experiments, without its ending.',
    modelName: 'the name of a model such as lenet',
  },

  options: {
    model: 'The network to train.',
    recipe:
      'Settings that belong together; other options change single ones. speedrun: 99 % on MNIST, as soon as possible; lecun1998, lecun1998-small: as in the paper of 1998.',
    epochs: 'How often to go through the training images.',
    batch: 'Images in one training step.',
    optimizer: 'The rule that changes the weights.',
    lr: 'Learning rate: the size of the steps.',
    momentum: 'How much of the last step goes into the next, from 0 to 1 (sgd).',
    weightDecay: 'Pulls weights towards zero by this much.',
    schedule: 'How the learning rate changes during training; step halves it after every epoch.',
    augment:
      'Distort the training images a little, differently every time; or a list such as shift=2,rotate=10,flip of: shift (pixels), scale, squeeze, shear (shares), rotate (degrees), flip, share (of the images); none. Few pictures of your own are distorted unless none is said.',
    report:
      'Write figures into this folder: mistakes.html (every wrong picture, the worst first), confusion.svg, reliability.svg.',
    top: 'Tell the best n answers.',
    csv: 'Write the answers into this file, a row a picture, instead of telling them.',
    show: 'Draw what the network sees of every picture.',
    unsure: 'Answers less probable than this, from 0 to 1, are "not sure"; says how many pictures have an answer.',
    strict: 'Refuse pictures that cannot be read, instead of leaving them out.',
    validation:
      'Hold back this many training images (or a share such as 20%) to choose the best epoch with: its model is the result.',
    limit: 'Use only so many training images, of every class in proportion.',
    holdOut:
      'Share of every class to hold back as test images of a folder that has none; the same ones in every run. 0 trains on all.',
    seed: 'Start of all random numbers. The same seed gives the same weights, to the last bit.',
    threads: 'Threads to compute with. Their number does not change the result.',
    engine: 'What computes: native (fastest, needs a C compiler), wasm, reference (slow, the definition), or auto.',
    fast: 'Round a multiplication and its addition once: faster, but the result is this machine’s own.',
    out: 'Folder of the run.',
    resume:
      'Go on with an interrupted run, exactly where it stopped: the one of --out, or the last in runs. Only --threads, --engine and --data-dir may be given anew.',
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
    prepare:
      'How pictures of your own are prepared: digit (ink found and centred), picture (stretched), fit (whole, proportions kept), crop (the middle), none. Default: as the model says.',
    prepareTraining:
      'How pictures of your own are prepared: digit (ink found and centred), picture (stretched), fit (whole, proportions kept) or crop (the middle). Default: as the model to start from says, or picture.',
    size: 'Rows and columns that pictures are brought to, from 16: more show finer details, and want more pictures.',
    from: 'Start from the weights of this model (fine-tuning).',
    freeze: "Parameters that stay as they are, such as 'conv*'.",
    reset: 'Entries that start anew, such as fc3.',
    svg: 'Print the figure of the network as SVG.',
    channels: 'Input channels of a model that is named: 1 for grey pictures, 3 for RGB.',
    kernels: 'Show every equation: its time, share and speed.',
    benchEngine: 'What to measure: native or wasm; both unless said otherwise.',
  },

  train: {
    reading: (dataset: string) => `Reading ${dataset} …`,
    data: (train: string, validation: string | undefined, test: string | undefined) =>
      [
        `${train} training images`,
        ...(validation === undefined ? [] : [`${validation} for validation`]),
        ...(test === undefined ? [] : [`${test} test images`]),
      ].join(', '),
    model: (name: string, parameters: string) => `${name}: ${parameters} parameters`,
    engine: (name: string, threads: number, seed: number) =>
      `Computing with ${name} on ${threads} ${threads === 1 ? 'thread' : 'threads'}, seed ${seed}`,
    fastEngine: (name: string) => `${name}, fast arithmetic,`,
    compiling: 'Compiling the network …',
    fallback: (reason: string) => `Going on with wasm: ${reason}`,
    resumed: (epoch: number, step: number) => `Going on in epoch ${epoch} after step ${step}`,
    resuming: (run: string) => `Going on with the run ${run}`,
    oldCheckpoint: (run: string) =>
      `${run}: its checkpoint was written by lenet 0.1.0 and does not say what the run began with; that data and settings are the same is not checked`,
    recipe: (name: string, model: string, cause: string) => `Recipe ${name}, model ${model}: ${cause} calls for it`,
    few: (images: string, epochs: number) =>
      `${images} pictures are few: they are gone through ${epochs} times (--epochs)`,
    distorted: 'Each time they are distorted a little, in another way (--augment none leaves them as they are)',
    pictures: (size: string, colours: string, way: string) => `Pictures are made ${size}, ${colours}, ${way}`,
    colours: { grey: 'grey', rgb: 'in colour' },
    ways: {
      digit: 'as images of MNIST',
      picture: 'stretched',
      fit: 'whole, with their proportions',
      crop: 'cut to their middle',
    },
    heldOut: (share: string) =>
      `The folder has no test images: ${share} of every class are held back (--hold-out 0 trains on all)`,
    tooFewToHold: (share: string) => `No class has enough pictures for --hold-out ${share}: there are no test images`,
    complete: (run: string) => `The run ${run} is complete; there is nothing to resume.`,
    stoppedEarly: (epoch: number, epochs: number) =>
      `Stopped after epoch ${epoch}: no better validation for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    interrupting: 'Finishing this step and saving … (Ctrl-C again stops at once)',
    interrupted: (run: string) => `Interrupted. Everything up to here is saved in ${run}`,
    goOn: (command: string) => `Go on with:  ${command}`,
    test: (accuracy: string, errors: string, samples: string) =>
      `Test accuracy ${accuracy}  (${errors} of ${samples} wrong)`,
    noTest: 'There are no test images, so nothing tells how it does on new ones; see --hold-out and --validation.',
    onlyValidation: 'There are no test images; the validation accuracy says how it does on new ones.',
    best: (epoch: number, accuracy: string) =>
      `The model is that of epoch ${epoch}, the best by validation: ${accuracy}`,
    weights: (hash: string) => `Weights ${hash}`,
    took: (seconds: string) => `Took ${seconds}`,
    saved: (run: string) => `Saved in ${run}`,
    next: 'What to do next:',
    nextPredict: 'try a digit of your own',
    nextPredictPicture: 'try a picture of your own',
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

  data: dataEn,

  evaluation: {
    accuracy: (accuracy: string, errors: string, samples: string) =>
      `Accuracy ${accuracy}  (${errors} of ${samples} wrong)`,
    interval: (low: string, high: string) => `The true accuracy lies between ${low} and ${high} (95 % Wilson interval)`,
    top: (k: string, share: string) => `Right among the best ${k}: ${share}`,
    calibration: (error: string, said: string, right: string) =>
      `Calibration error ${error}: answers are ${said} sure on average, and ${right} of them are right`,
    columns: { class: 'class', precision: 'precision', recall: 'recall', f1: 'F1', support: 'images' },
    macro: 'mean',
    others: (count: string) => `the ${count} classes with the lowest F1:`,
    written: (files: string) => `Wrote ${files}`,
    sheet: (data: string) => `Mistakes on ${data}`,
    sheetOf: (shown: string, mistakes: string) => `${shown} of ${mistakes} mistakes, the worst first: truth → answer`,
    loss: (value: string) => `Loss ${value}`,
    confusion: 'Confusion: a row is the true class, a column the answer',
    perClass: 'right',
    mistakes: 'Most frequent mistakes',
    worst: 'Worst mistakes: wrong and sure of it',
    readAs: (truth: string, answer: string, times: string) => `${truth} read as ${answer}: ${times}`,
    mistake: (truth: string, answer: string, probability: string) => `${truth} read as ${answer}, ${probability} sure`,
    noMistakes: 'No mistakes.',
    image: (index: number) => `image ${index}`,
    on: {
      test: (name: string) => `Measured on the test images of ${name.replace(/ test$/, '')}`,
      'held out': (name: string) =>
        `Measured on the images of ${name.replace(/ held out$/, '')} that were held back from training`,
      training: (name: string) =>
        `Measured on ${name}, the images that it was trained on: how it does on new ones is another matter`,
      pictures: (name: string) => `Measured on the pictures of ${name}`,
    },
    leftOut: (count: number) =>
      `${count} ${count === 1 ? 'picture was' : 'pictures were'} left out: no answer, not counted`,
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
    differs: (file: string, answer: string, wanted: string) =>
      `${file}: read back, it answers '${answer}' where the model answers '${wanted}'`,
  },

  studio: {
    at: (address: string) => `The studio is at ${address}`,
    stop: 'Ctrl-C ends it.',
    notBuilt: 'lenet studio: the page is not built; build it first',
    portForbidden: (port: number) => `lenet studio: --port ${port} is not allowed here; give one from 1024`,
    noPort: (port: string) => `lenet studio: --port is ${port}; give a whole number from 0 to 65535`,
    portTaken: (port: number) => `lenet studio: --port ${port} is taken; give another, or 0 for any that is free`,
  },

  predict: {
    answer: (label: string, probability: string) => `${label}  (${probability})`,
    unreadable: (file: string, reason: string) => `${file}: ${reason}`,
    prepared: 'What the network sees:',
    unsure: (answer: string) => `not sure: ${answer}`,
    coverage: (sure: string, read: string, share: string) => `Sure of ${sure} of ${read} pictures (coverage ${share})`,
    written: (file: string, pictures: string) => `Wrote ${file} (${pictures} pictures)`,
    reading: 'Answering',
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
    legend:
      'sees: rows × columns of the input that one unit depends on; jump: input pixels between neighbouring units; ' +
      'connections: inputs and bias of every unit, as the paper of 1998 counts them; share: part of all parameters.',
  },

  runs: {
    columns: {
      run: 'run',
      data: 'data',
      model: 'model',
      test: 'test',
      validation: 'validation',
      epochs: 'epochs',
      weights: 'weights',
    },
    states: { done: 'complete', diverged: 'diverged', open: 'not complete' },
  },

  ...machineEn,

  errors: {
    /** What the library says, in this language. */
    told: (message: string) => message,
    hint: (text: string) => `hint: ${text}`,
    number: (verb: string, option: string, value: string, example: string) =>
      `lenet ${verb}: ${option} is '${value}'; give a number such as ${example}`,
    whole: (verb: string, option: string, value: string, least: number) =>
      `lenet ${verb}: ${option} is '${value}'; give a whole number from ${least}`,
    range: (verb: string, option: string, value: string, low: number, high: number) =>
      `lenet ${verb}: ${option} is '${value}'; give a number from ${low} to ${high}`,
    oneOf: (verb: string, option: string, value: string, choices: string) =>
      `lenet ${verb}: ${option} is '${value}'; give one of ${choices}`,
    badChoice: (option: string, value: string, choices: string) =>
      `lenet: ${option} is '${value}'; give one of ${choices}`,
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
    orNames: (names: string) => `give a run folder, a model file, or one of ${names}`,
    runExists: (run: string) => `lenet train: '${run}' holds a run already; give another --out, or --resume`,
    wouldReplace: (folder: string, file: string) =>
      `lenet train: '${folder}' holds ${file}, which a run would replace; give another --out`,
    noExperiment: (name: string, names: string) => `lenet experiment: there is no '${name}'; there is ${names}`,
    noRuns: (folder: string) => `lenet runs: '${folder}' holds no runs; give the folder that they are in`,
    noExperiments: 'lenet experiment: there is no folder experiments here; run it in the repository',
    runBusy: (run: string, pid: number, host: string) =>
      `lenet train: '${run}' is being written by process ${pid} on ${host}; give another --out, or wait`,
    deleteLock: (path: string) => `if there is no such process any more, delete ${path}`,
    diverged: (run: string, message: string) =>
      `lenet train: the run '${run}' cannot go on: ${message}; begin another with a lower --lr`,
    nothingOpen: (folder: string) => `lenet train: there is no run in '${folder}' to go on with; give --out`,
    resumeTakes: (option: string, value: string | undefined) =>
      `lenet train: ${option} does not go with --resume; the run has ${value ?? 'none'}`,
    emptyOut: "lenet train: --out is ''; give the name of a folder",
    asSaysWhich: '--as says which model a bare file of weights belongs to',
    hasTest: (dataset: string, images: string) =>
      `lenet train: --hold-out does not go with '${dataset}', which has ${images} test images of its own`,
    hasValidation: (dataset: string, images: string) =>
      `lenet train: --validation does not go with '${dataset}', which has ${images} validation images of its own`,
    output: (reason: string) => `lenet: standard output cannot be written: ${reason}`,
    nothingToResume: (run: string) => `lenet train: '${run}' holds no run to resume`,
    together: (verb: string, one: string, other: string) => `lenet ${verb}: ${one} and ${other} do not go together`,
    needs: (verb: string, one: string, other: string) => `lenet ${verb}: ${one} needs ${other}`,
    numbers: (verb: string, option: string, value: string) =>
      `lenet ${verb}: ${option} is '${value}'; give numbers such as 0.5,0.5,0.5`,
    pairs: (verb: string, option: string, value: string) =>
      `lenet ${verb}: ${option} is '${value}'; give pairs such as fc3.weight=head.weight`,
    noFormat: (file: string, endings: string) => `lenet export: '${file}' says no format; let it end in ${endings}`,
    besideTaken: (file: string) =>
      `lenet export: ${file} is there and belongs to another file; give another name, or remove it`,
    folderChanged: (folder: string, now: number, then: number) =>
      `lenet eval: ${folder} has ${now} pictures, and had ${then} when the run began: which were held back is not known any more`,
    folderReplaced: (folder: string) =>
      `lenet eval: ${folder} holds other pictures than when the run began: which were held back is not known any more`,
    newFolder: 'measure on a folder of other pictures: lenet eval RUN FOLDER',
    unknownClass: (verb: string, data: string, name: string, known: string) =>
      `lenet ${verb}: ${data} has a class '${name}' that the model does not know; it knows ${known}`,
    unexpected: 'lenet: an error that it did not expect; please report it with the lines below',
  },
}

export type Messages = typeof en
