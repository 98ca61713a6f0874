export const noteEn = { title: 'Note' }
