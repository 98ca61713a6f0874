// What is said about the data that a command reads, in both languages.

const pictures = (count: number): string => `${count} ${count === 1 ? 'picture' : 'pictures'}`

export const dataEn = {
  counts: (folder: string, classes: string) => `Pictures of each class of ${folder}: ${classes}`,
  empty: (folder: string) => `${folder}: has no pictures, so it is no class`,
  loose: (folder: string, count: number) =>
    `${folder}: ${pictures(count)} beside the sub-folders ${isAre(count)} not read`,
  unlabelled: (folder: string, count: number) =>
    `${folder}: has no class folders; its ${pictures(count)} ${isAre(count)} not read (lenet predict answers them)`,
  single: (classes: string) => `One picture each: ${classes}. It is trained on, and nothing measures these classes`,
  other: (folder: string, count: number, endings: string) =>
    `${folder}: ${count} ${count === 1 ? 'file' : 'files'} with endings that lenet does not read (${endings})`,
  unreadable: (file: string, problem: string) => `${file}: left out: ${problem}`,
  pages: (file: string, count: number) => `${file}: holds ${pictures(count)}; the first is read`,
  more: (count: string) => `… and ${count} more`,
  noFolder: (verb: string, folder: string) =>
    `lenet ${verb}: --data-dir '${folder}' is no folder; give one that exists`,
  elsewhere: (folder: string, name: string, place: string) => `${folder} holds no ${name}; it is read from ${place}`,
  fromNetwork: (folder: string, name: string) => `${folder} holds no ${name}; it is downloaded`,
}

const isAre = (count: number): string => (count === 1 ? 'is' : 'are')

export const dataZh: typeof dataEn = {
  counts: (folder, classes) => `${folder} 的每类图片数：${classes}`,
  empty: (folder) => `${folder}：没有图片，不作为类别`,
  loose: (folder, count) => `${folder}：子文件夹之外的 ${count} 张图片没有读取`,
  unlabelled: (folder, count) => `${folder}：没有类别子文件夹，其中 ${count} 张图片没有读取（可用 lenet predict 识别）`,
  single: (classes) => `只有一张图片的类别：${classes}。它们用于训练，无法测量`,
  other: (folder, count, endings) => `${folder}：有 ${count} 个文件的扩展名 lenet 不能读取（${endings}）`,
  unreadable: (file, problem) => `${file}：已跳过：${problem}`,
  pages: (file, count) => `${file}：含有 ${count} 张图片，只读取第一张`,
  more: (count) => `… 另有 ${count} 项`,
  noFolder: (verb, folder) => `lenet ${verb}：--data-dir 的“${folder}”不是文件夹，请给出存在的文件夹`,
  elsewhere: (folder, name, place) => `${folder} 中没有 ${name}，改从 ${place} 读取`,
  fromNetwork: (folder, name) => `${folder} 中没有 ${name}，将从网络下载`,
}
