export const MistakesView = () => null
