// Every tolerance of the tests, with its reason. What is not here is compared to the last bit.

export const tolerances = {
  /** Central differences in float64 over 1e-5: cancellation leaves about 1e-16/1e-5, curvature about 1e-10. */
  finiteDifference: 1e-6,
  /** PyTorch sums float32 in another order; relative to the largest value of the array. */
  torchValue: 1e-5,
  /** Losses of a whole run, each relative to itself. */
  torchLoss: 1e-4,
  /** Weights after a whole run, relative to the largest. */
  torchWeights: 1e-4,
  /** Two float32 computations that add in different orders: neither is more than so much farther from float64. */
  torchFactor: 2,
  /** One rounding of a float32, relative to the largest weight. */
  torchFloor: 1.2e-7,
} as const
