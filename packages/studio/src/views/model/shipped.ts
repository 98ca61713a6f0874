// Where the model comes from that the page opens with: a run that anyone can repeat.
export const shipped = {
  command: 'npx lenet train mnist --epochs 12 --augment --seed 1',
  hash: '254be29df3b26675fe73d52973d82c5981bba2c627547824fed069337899e790',
} as const
