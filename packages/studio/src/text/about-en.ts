// The form about a model file, in English.
export const aboutEn = {
  title: 'About this file',
  sameShapes: (names: string) => `Its weights have the shapes of ${names}; shapes do not tell which it is.`,
  renamed: (count: number) => `${count} arrays have other names in this file; they were matched by order and shape.`,
  guessed: 'It does not say how pixels were scaled before training.',
  trials: 'Accuracy of each model under each scaling of the pixels',
  model: 'Model',
  presets: {
    none: '0 to 1',
    mnist: 'MNIST',
    half: '0.5 / 0.5',
    imagenet: 'ImageNet',
    '1998': 'as in 1998',
  } as Readonly<Record<string, string>>,
  running: 'Trying out …',
  tried: (images: string, data: string) =>
    `Accuracy on ${images} test images of ${data}. The best was chosen; choose another by its cell.`,
  untried: 'No data set here has as many classes, so nothing could be tried out.',
  data: 'Tried on',
  mean: 'Mean',
  std: 'Deviation',
  classes: 'Classes',
  classesOf: 'As in',
  mapping: 'Which array is which parameter',
  arrayOf: (parameter: string) => `Array for ${parameter}`,
}
