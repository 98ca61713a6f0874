// Work that is begun before its result is wanted: results come in the order of the items, and never more than so many are
// on the way or waiting.

export async function* ahead<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<readonly [Item, Result], void> {
  const begun: Promise<Result>[] = []
  for (const [at, item] of items.entries()) {
    for (let next = at + begun.length; begun.length < most && next < items.length; next++)
      begun.push(work(items[next]!))
    yield [item, await begun.shift()!]
  }
}
