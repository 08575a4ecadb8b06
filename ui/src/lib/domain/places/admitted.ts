/** Those of the rows that were shown before, and as many others as may be made at once, in their order. */
export function admitted<T extends { key: string }>(
  before: readonly T[],
  rows: readonly T[],
  most: number,
): readonly T[] {
  const known = new Set(before.map((row) => row.key))
  let others = 0
  return rows.filter((row) => known.has(row.key) || others++ < most)
}
