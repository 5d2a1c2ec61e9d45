/** Starts the interface: one page over its wire to the program, rendered into the root. */
import { createRoot } from 'react-dom/client';
import { pageWire } from './bridge.ts';
import { startHighlightThread } from './highlight-thread.ts';
import { createFrames } from './model/frames.ts';
import { createPage } from './store/page.ts';
import { PageContext } from './ui/app-context.ts';
import { applyLook } from './ui/apply-look.ts';
import { Root } from './ui/root.tsx';

const page = createPage({
  wire: pageWire(),
  frames: createFrames((run) => requestAnimationFrame(run)),
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  startHighlightThread,
  storage: localStorage,
});

/**
 * A rejected call is a defect of the page or of the program behind it. It is shown to the person rather than ignored.
 */
window.addEventListener('unhandledrejection', (event) => {
  const reason = event.reason instanceof Error ? event.reason.message : String(event.reason);
  page.ui.notify({
    severity: 'error',
    message: `A request failed unexpectedly: ${reason}`,
    action: 'What is on the screen may be incomplete; if it happens again, report it.',
  });
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root element');
applyLook(document.documentElement.style, page.ui.store.getState().look);
// Before what is drawn measures it.
page.ui.store.subscribe(({ look }, before) => {
  if (look !== before.look) applyLook(document.documentElement.style, look);
});
page.connect();
window.addEventListener('focus', () => page.refresh());
// Another window may show its views from here on, and begins where this one was.
window.addEventListener('beforeunload', () => page.leaving());
createRoot(root).render(
  <PageContext value={page}>
    <Root />
  </PageContext>,
);
