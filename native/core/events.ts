/**
 * Numbers of the types of records that are RingView's own: the TypeScript twin of driver/include/ringview/events.h. What their
 * bytes are is told by their schemas (driver/schema/). Pure.
 */

/** Type numbers of records; RingView's own begin at RESERVED. */
export const EVENT_TYPE = { RESERVED: 0xff00, PROCESS: 0xff01, THREAD: 0xff02, IMAGE: 0xff03 } as const;
