export const CompareView = () => null
