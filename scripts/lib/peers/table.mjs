/** The figures of a contest as one Markdown table with aligned columns. */

const heading = ['work', 'engine', 'setting', 'speed', 'lowest to highest', 'rounds'];

/**
 * @param {object[]} results one for each work: our row, and `peers` with theirs, which hold either
 *   figures and their `ratio` to ours, or a `refusal`
 * @returns {string}
 */
export function formatResults(results) {
  const rows = results.flatMap(({ name, unit, peers, ...own }) => [
    [name, ...figures(own, unit), ''],
    ...peers.map((peer) => [name, ...peerCells(peer, unit)]),
  ]);
  return formatTable([[...heading, 'Kernelgarten is'], ...rows]);
}

function peerCells(peer, unit) {
  if (peer.refusal !== undefined) return [peer.engine, '', '', '', '', peer.refusal];
  return [...figures(peer, unit), `${peer.ratio} times as fast`];
}

function figures({ engine, setting, value, lowest, highest, rounds }, unit) {
  return [engine, setting, `${value} ${unit}`, `${lowest} to ${highest}`, String(rounds)];
}

/** @param {string[][]} rows the first one is the heading */
export function formatTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const [first, ...others] = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [first, rule, ...others].join('\n');
}
