/** Whether this system has a font family, and whether its letters are of one width: told by how wide texts are in it. */

const SIZE = '100px';
const TEXT = 'mmmWWWiiil0O';

function widthIn(context: CanvasRenderingContext2D, family: string, text: string): number {
  context.font = `${SIZE} ${family}`;
  return context.measureText(text).width;
}

/** What is to be known of a family that was chosen; empty for nothing. */
export function familyNote(family: string): string {
  if (family === '') return '';
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return '';
  // One that is not there leaves each text to the family behind it.
  const behind = ['monospace', 'serif', 'sans-serif'];
  const isThere = behind.some(
    (other) => widthIn(context, `"${family}", ${other}`, TEXT) !== widthIn(context, other, TEXT),
  );
  if (!isThere) return 'Not on this system: the usual one is shown';
  const [narrow, wide] = ['iiii', 'WWWW'].map((text) => widthIn(context, `"${family}", monospace`, text));
  return narrow === wide ? '' : 'Its letters differ in width: columns do not line up';
}
