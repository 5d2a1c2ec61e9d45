/** Starts the page's worker thread for highlighting. */
import type { HighlightReply, HighlightThread } from './store/highlights.ts';

export function startHighlightThread(answer: (reply: HighlightReply) => void, ready: () => void): HighlightThread {
  const worker = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<HighlightReply | null>) => {
    if (data === null) ready();
    else answer(data);
  });
  return { post: (request) => worker.postMessage(request), end: () => worker.terminate() };
}
