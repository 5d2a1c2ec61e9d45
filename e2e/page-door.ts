/**
 * Runs functions in whatever page the window shows now, by way of the main process. Playwright's own page object is of
 * no use once the page's process has ended.
 */
import type { ElectronApplication } from '@playwright/test';

/** The inspector may lose the answer of a busy program, so the question is repeated then. */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 5 || !String(error).includes('garbage collected')) throw error;
    }
  }
}

/** Runs a function in the page shown now. The function cannot use anything from where it is written. */
export async function inPage<A, R>(
  app: ElectronApplication,
  run: (argument: A) => R,
  argument: A,
): Promise<Awaited<R>> {
  const source = `(${String(run)})(${JSON.stringify(argument) ?? 'undefined'})`;
  const ask = (): Promise<unknown> =>
    app.evaluate(
      async ({ BrowserWindow }, { code, patience }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (contents === undefined) throw new Error('there is no window');
        // The answer of a page that crashes meanwhile never arrives.
        let gone = (): void => undefined;
        const ended = new Promise<never>((_resolve, reject) => {
          gone = () => reject(new Error('the page ended'));
          contents.once('render-process-gone', gone);
          setTimeout(gone, patience);
        });
        try {
          return await Promise.race([contents.executeJavaScript(code, true), ended]);
        } finally {
          contents.off('render-process-gone', gone);
        }
      },
      { code: source, patience: 20_000 },
    );
  return (await asked(ask)) as Awaited<R>;
}

/** The text of the element with this test id, without what the page adds to it later; null if there is no such element. */
export function textOf(app: ElectronApplication, testId: string): Promise<string | null> {
  return inPage(
    app,
    (id) => {
      const element = document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
      return element === null ? null : element instanceof HTMLInputElement ? element.value : element.innerText;
    },
    testId,
  ).catch(() => null);
}

/** Process of the page the window shows; 0 while there is none. */
export function pageProcess(app: ElectronApplication): Promise<number> {
  return asked(() =>
    app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return contents === undefined || contents.isCrashed() ? 0 : contents.getOSProcessId();
    }),
  );
}

/** The graphics process; 0 while there is none. */
export function graphicsProcess(app: ElectronApplication): Promise<number> {
  return asked(() =>
    app.evaluate(({ app: main }) => main.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0),
  );
}
