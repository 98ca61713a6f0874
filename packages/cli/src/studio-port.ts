// Where the studio is served unless another port is asked for: the year of the paper.
export const STUDIO_PORT = 1998
