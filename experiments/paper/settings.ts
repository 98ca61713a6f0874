// What the paper leaves open, decided on 10,000 validation images taken from the training set; docs/paper.md has the trials.
import { maximumAPosteriori, meanSquaredError, placeCodes } from 'lenet'

/** j of Eq. 9, η of the first passes and μ of Eq. 21, for LeNet-5. */
export const lenet5 = { model: 'lenet5', loss: maximumAPosteriori({ rubbish: 20 }), lr: 0.0003, damping: 0.1 } as const
/** LeNet-4 by the criterion that makes LeNet-5 better, too: the right code against the others. */
export const lenet4 = { model: 'lenet4', loss: placeCodes(), lr: 0.001, damping: 0.2, passes: 60 } as const
/** Ten squashed outputs with targets of ±1. */
export const squashed = { loss: meanSquaredError({ low: -1 }), lr: 0.0015, damping: 0.01 } as const
/** The small nets still learn when LeNet-5 has long learned its training images: their rates are stretched over more passes. */
export const lenet1 = { ...squashed, model: 'lenet1', lr: 0.003, damping: 0.003, passes: 60 } as const
/** Nine of ten patterns are distorted, as 540,000 of the paper's 600,000 were. */
export const distortions = { shift: 2, scale: 0.15, squeeze: 0.1, shear: 8.5, share: 0.9 } as const
export const seeds = [1, 2, 3] as const
