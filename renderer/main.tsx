/** Starts the interface: one application over the bridge of this page, rendered into its root. */
import { createRoot } from 'react-dom/client';
import { pageBridge } from './bridge.ts';
import { startMarkThread } from './mark-thread.ts';
import { createFrames } from './model/frames.ts';
import { createApp } from './store/app.ts';
import { AppContext } from './ui/app-context.ts';
import { Root } from './ui/root.tsx';

const app = createApp({
  bridge: pageBridge(),
  frames: createFrames((run) => requestAnimationFrame(run)),
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  startMarkThread,
  storage: localStorage,
  widthPx: window.innerWidth,
});

/** A rejected call is a defect here or in the program behind the bridge: it is shown, not swallowed. */
window.addEventListener('unhandledrejection', (event) => {
  const reason = event.reason instanceof Error ? event.reason.message : String(event.reason);
  app.ui.notify({
    severity: 'error',
    message: `A request failed unexpectedly: ${reason}`,
    action: 'What is on the screen may be incomplete; if it happens again, report it.',
  });
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root element');
app.connect();
createRoot(root).render(
  <AppContext value={app}>
    <Root />
  </AppContext>,
);
