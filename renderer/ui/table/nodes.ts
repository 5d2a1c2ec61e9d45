/** Helpers that create the nodes of rows. */

/** An element with its class. */
export function make(tag: 'div' | 'span' | 'mark' | 'bdi', className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

/** Appends a text node; returns a function that sets its text if it differs. */
export function writer(parent: HTMLElement): (text: string) => void {
  const node = parent.appendChild(document.createTextNode(''));
  let shown = '';
  return (text) => {
    if (text === shown) return;
    shown = text;
    node.data = text;
  };
}
