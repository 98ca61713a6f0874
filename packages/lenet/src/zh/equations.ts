// The language of equations.
export const equations: Readonly<Record<string, string>> = {
  "an option is called '{}'; one letter, with or without a number, is an axis; an option has two or more":
    '有一个选项叫“{}”；单个字母（后面可带数字）是轴，选项名至少两个字母',
  "axis {} is not in the target, so '=' cannot tell which value to keep; '+=' would add them":
    '目标中没有轴 {}，因此“=”不知道保留哪个值；“+=”会把它们相加',
  "no tensor here says how many axes '...' stands for": '这里没有张量说明“...”代表多少个轴',
  '{} has the shape [{}], which is {} axes, not {}': '{} 的形状是 [{}]，有 {} 个轴，而不是 {} 个',
  'axis {} has {} values by {}; it needs a whole number of at least one':
    '轴 {} 按 {3} 有 {2} 个取值；应为不小于 1 的整数',
  'axis {} is {} in {} but {} in {}': '轴 {} 在 {3} 中是 {2}，在 {5} 中却是 {4}',
  'axis {} has no extent: it stands alone in no tensor and has no range such as ({} < 3)':
    '轴 {} 没有长度：它没有在任何张量中单独出现，也没有像 ({} < 3) 这样的范围',
  'nothing is called {}': '没有叫做 {} 的张量',
  'an index is a sum of axes, each times a whole number': '索引是若干个轴之和，每个轴乘以一个整数',
  'the bound of a range is a number': '范围的上限应是一个数',
  'size takes one axis': 'size 接受一个轴',
  'writes {}, which is given; an equation writes y or a tensor of its own':
    '写入 {}，而它是给定的；等式只写 y 或自己的张量',
  'writes {} after it was read; what is read must be complete': '在读取 {} 之后又写入它；读取的内容必须已经完整',
  'reads {}, which it writes; give one another name': '读取了自己要写入的 {}；请给其中一个换名',
  'reads {} before it is written': '在写入之前读取 {}',
  'no equation writes {}; one must': '没有等式写入 {}；必须有一个',
  "an index of {} takes one value in more than one way, so '{}' cannot tell which term to keep; '+=' would add them":
    '{} 的一个索引可由多种方式取得同一个值，因此“{}”不知道保留哪一项；“+=”会把它们相加',
  "'+=' adds to what '{}' has written in '{}'; give that a name of its own":
    '“+=”要加到“{}”在“{}”中写入的内容上；请给后者另起一个名字',
  "'{}' writes what '{}' has written; only '+=' adds to what is there":
    '“{}”写入“{}”已经写过的元素；只有“+=”能加到已有的内容上',
  'index {} of {} goes from {} to {}; positions end at {}': '{2} 的第 {1} 个索引从 {3} 到 {4}；位置最大为 {5}',
  'index {} of {} goes from {} to {}, but it has {} elements there':
    '{2} 的第 {1} 个索引从 {3} 到 {4}，但那里只有 {5} 个元素',
  'an axis is read as a number from {} to {}; float32 counts to {}':
    '一个轴被当作从 {} 到 {} 的数读取；float32 只能数到 {}',
  "'{}' compares {} terms; at most {} have a place": '“{}”比较 {} 项；最多 {} 项有位置',
}
