/**
 * Puts a short text of the page itself on the clipboard. Through the copy event, because the asynchronous clipboard
 * needs a permission that the window does not have; rows of the log are copied by the main process instead.
 */
export function copyText(text: string): boolean {
  let taken = false;
  const onCopy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    taken = true;
  };
  document.addEventListener('copy', onCopy);
  document.execCommand('copy');
  document.removeEventListener('copy', onCopy);
  return taken;
}
