// The note, in English: what each part of LeNet is for. Every paragraph stands beside a control of the page.
export const noteEn = {
  title: 'A note on LeNet',
  lead: 'In 1998 LeCun, Bottou, Bengio and Haffner showed a network that reads handwritten digits from raw pixels. Its plan is still the plan of most networks that see: small kernels first, coarser maps after, and a few dense layers that decide. It is small enough to look at every number of it, and this page does.',
  sections: {
    convolution: {
      title: 'Convolution: one small kernel, everywhere',
      text: [
        'A kernel is a small grid of weights, here 5 × 5. It is laid on a patch of the image, each weight is multiplied with the pixel below it, and the products are added, with one bias, to a single number. Then the kernel moves on by one pixel. All these numbers together are a feature map: a picture of where the pattern of the kernel was found.',
        'The same weights are used at every place. That is why conv1 needs only 156 numbers, and why a stroke that moves by a pixel gives the same map, moved by a pixel. A kernel reaches through all maps of the layer before it at once: in conv2 each of the 16 kernels is 6 × 5 × 5.',
      ],
    },
    field: {
      title: 'What a unit sees',
      text: [
        'One unit of conv1 sees 5 × 5 pixels. A unit of pool1 covers four of those, 6 × 6 pixels; one of conv2 already 14 × 14, and one of pool2 16 × 16: a quarter of the input. Depth is what makes the view wide. Choose a layer, and the drawing page shows what its middle unit sees.',
      ],
    },
    activation: {
      title: 'Activation: without it, depth is nothing',
      text: [
        'Two sums in a row are one sum. Only because every number passes through a curve that is not straight can the layers after it build something that the layers before could not. The paper used tanh; today one uses ReLU, which is zero on the left and does nothing on the right.',
        'The slope is what learning travels along. On the way back through the layers the slopes are multiplied. The sigmoid’s is at most ¼, so with four of them only a small part of the gradient reaches the first layer, though no unit is flat: the bars show it. Where tanh is pushed far out it has become flat, and the unit is saturated. ReLU keeps the full slope for every positive value. Move the point, and choose another function.',
      ],
    },
    pooling: {
      title: 'Pooling: a coarser map on purpose',
      text: [
        'Each 2 × 2 window becomes one number: its largest, or its mean. The map has a quarter of its size, the next kernel sees twice as far, and a stroke that shifts by a pixel changes little. In 1998 the window was summed and passed through a trainable factor and bias; a stride of two leaves pooling out altogether.',
      ],
    },
    view: {
      title: 'view: the same numbers, read as a row',
      text: [
        'Between the last map and the first dense layer nothing is computed. 16 maps of 5 × 5 are read as one row of 400 numbers; PyTorch writes x.view(-1, 400). The −1 stands for the extent that follows from the others: as many rows as there are samples. It has to come out even.',
      ],
    },
    shift: {
      title: 'Where the digit stands',
      text: [
        'A convolution follows what moves; the fully connected layers do not. They weigh each place of the last maps differently, and they have only seen digits in the middle. Move the digit, and the verdict falls. Test images fall with it, as the bars show.',
        'A digit is read wherever you draw it because the pad moves its centre of mass to the middle before the network sees it, as was done with the digits it learnt from.',
      ],
    },
    dense: {
      title: 'Fully connected layers: where the parameters are',
      text: [
        'In a fully connected layer every output weighs every input. Here they turn 400 features into ten scores, and they hold more than nine tenths of all parameters. Global average pooling does without them: one number for each map, and a single small layer. It is far smaller; whether it learns as fast, a run will tell.',
      ],
    },
    counting: {
      title: 'Counting parameters',
      text: [
        'A convolution has one weight for each place of its kernel, each input map and each output map, and a bias for each output map. A dense layer has a weight for each pair and a bias for each output. Twice the width is about four times the parameters, because both sides of each pair grow.',
      ],
    },
    history: {
      title: '1998 and today',
      text: [
        'What is called LeNet today is a simplification. The original scaled its tanh to 1.7159·tanh(⅔x), trained its pooling, connected its third layer by a table to only some of the maps before it, compared 84 features with painted 7 × 12 characters by distance, and learned with a second-order method. The modern one has ReLU, maximum pooling, full connections, softmax with cross entropy, and stochastic gradient descent.',
        'Train both and lay their curves over each other.',
      ],
    },
  },
  figures: {
    map: 'Feature map',
    position: 'Kernel position',
    showMe: 'Show it in the drawing page',
    value: 'x',
    slope: 'slope',
    gradients: 'Gradient (rms) that reaches each layer before training, on a logarithmic scale',
    watch: 'Train with it and watch the gradients',
    saturate: (rate: string) => `Make its units flat: learning rate ${rate}`,
    move: 'Moved by',
    movedBy: (pixels: number) => `The digit, moved to the right by ${pixels} pixels`,
    centre: 'Centre it first, as the pad does',
    survivors: (images: string, data: string) => `Accuracy on ${images} test images of ${data}, moved to the right`,
    pixels: (count: number) => `${count} px`,
    before: 'before',
    after: 'after',
    columns: 'Columns',
    reads: (rows: number, columns: number) => `view(-1, ${columns}) → ${rows} × ${columns}`,
    dense: (share: string) => `${share} of the parameters are in fully connected layers`,
    total: 'in all',
    layers: 'Parameters of each layer',
    past: '1998',
    today: 'today',
    parts: ['activation', 'pooling', 'C3', 'output', 'loss', 'learning'],
    pastValues: [
      '1.7159·tanh(⅔x)',
      'sum × factor + bias',
      '60 of 96 connections',
      'distance to 7 × 12 codes',
      'mean squared distance',
      'diagonal second order',
    ],
    todayValues: ['ReLU', 'maximum', 'all connections', 'ten scores', 'softmax and cross entropy', 'SGD with momentum'],
    compare: 'Train both and compare',
    draw: 'Draw something first.',
  },
}
