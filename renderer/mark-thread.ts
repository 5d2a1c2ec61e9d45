/** Starts the page's thread for marks. */
import type { MarkReply, MarkThread } from './store/marks.ts';

export function startMarkThread(answer: (reply: MarkReply) => void): MarkThread {
  const worker = new Worker(new URL('./mark-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<MarkReply>) => answer(event.data));
  return { post: (request) => worker.postMessage(request), end: () => worker.terminate() };
}
