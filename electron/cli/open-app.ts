/** `ringview open`: the app on what is named. An instance that runs already takes it, and this one ends. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Failure } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { OpenRequest } from './open-args.ts';

/** From where the command is built to. It installs and builds what is missing, and explains what it cannot do. */
const START = fileURLToPath(new URL('../../electron/setup/start.mjs', import.meta.url));

/** The arguments of the app. */
export function appArguments({ sources, schemas, theme }: OpenRequest): string[] {
  return [
    ...sources.flatMap((source) => ['--source', source]),
    ...schemas.flatMap((path) => ['--schema', path]),
    ...(theme === null ? [] : ['--theme', theme]),
  ];
}

/** Resolves to the exit code of the app once it has ended. */
export function openApp(request: OpenRequest, failed: (failure: Failure) => number): Promise<number> {
  return new Promise((resolve) => {
    const app = spawn(process.execPath, [START, ...appArguments(request)], { stdio: 'inherit' });
    app.once('error', (error) => resolve(failed(failureOfSystemError(error, 'The app could not be started'))));
    app.once('close', (code) => resolve(code ?? 1));
  });
}
