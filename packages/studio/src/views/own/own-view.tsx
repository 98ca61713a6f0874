export const OwnView = () => null
