/** The schemas of RingView's own types, which are always in use. */
import file from '../../../driver/schema/file.json' with { type: 'json' };
import handle from '../../../driver/schema/handle.json' with { type: 'json' };
import image from '../../../driver/schema/image.json' with { type: 'json' };
import network from '../../../driver/schema/network.json' with { type: 'json' };
import processes from '../../../driver/schema/process.json' with { type: 'json' };
import registry from '../../../driver/schema/registry.json' with { type: 'json' };
import thread from '../../../driver/schema/thread.json' with { type: 'json' };
import { lazily } from '../table.ts';
import type { Schema } from './model.ts';
import { parseSchema } from './parse.ts';

/** Read when they are first asked for. */
export const ourSchemas: () => readonly Schema[] = lazily(() =>
  [processes, thread, image, registry, handle, network, file].map((json) => {
    const parsed = parseSchema(JSON.stringify(json));
    if (!parsed.ok) throw new Error(parsed.failure.message);
    return parsed.value;
  }),
);
