/** Names of sources where there is little room: of a path its end, as much of it as tells it from the others. */

const PARTS = /[\\/]/;
/** What a title of several names has between them. */
const BETWEEN = ', ';

/** The last `parts` parts of a path, with what divides them. */
function endOf(path: string, parts: number): string {
  let at = path.length;
  for (let left = parts; left > 0 && at > 0; left--) {
    let before = at - 1;
    while (before > 0 && !PARTS.test(path[before - 1] as string)) before--;
    at = before;
  }
  return path.slice(at);
}

/** The names in their order. What is no path stays as it is; two that are the same stay so. */
export function shortNames(names: readonly string[]): string[] {
  const others = (name: string): string[] => names.filter((other) => other !== name);
  return names.map((name) => {
    const most = name.split(PARTS).length;
    for (let parts = 1; parts < most; parts++) {
      const end = endOf(name, parts);
      if (end !== '' && !others(name).some((other) => endOf(other, parts) === end || other === end)) return end;
    }
    return name;
  });
}

/** Titles of sessions where there is little room: each is the names of its sources, with commas between them. */
export function shortTitles(titles: readonly string[]): string[] {
  const parts = titles.map((title) => title.split(BETWEEN));
  const short = shortNames(parts.flat());
  return parts.map(({ length }) => short.splice(0, length).join(BETWEEN));
}
