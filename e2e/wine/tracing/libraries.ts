/**
 * In place of native/win32/tracing/libraries.ts where the product's modules are built for this test: everything is in the library
 * that stands in, which lies beside the program.
 */
import { fileURLToPath } from 'node:url';

export const STAND_IN = fileURLToPath(new URL('./stand-in.dll', import.meta.url));

export const TRACING_LIBRARIES = { traces: STAND_IN, providers: STAND_IN, eventLogs: STAND_IN };
