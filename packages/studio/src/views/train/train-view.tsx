export const TrainView = () => null
