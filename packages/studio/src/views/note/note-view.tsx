export const NoteView = () => null
