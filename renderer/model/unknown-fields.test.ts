/** Which words of a filter are told to be no fields, and which names are offered for them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { knowTypes } from '../../electron/contract/filter/known-names.ts';
import { nearNames, unknownField, unknownFieldWords } from './unknown-fields.ts';

const field = (name: string) => ({ name, description: '', values: [], ordered: true });
beforeAll(() =>
  knowTypes([
    {
      ...{ type: 65286, name: 'network', description: '', added: false },
      fields: ['operation', 'pid', 'protocol', 'local_port', 'remote_port', 'local', 'remote'].map(field),
    },
    { type: 65287, name: 'file', description: '', added: false, fields: ['path', 'offset', 'process_id'].map(field) },
  ]),
);

const said = (pattern: string, regex = false) => {
  const found = unknownField({ pattern, regex });
  return found && unknownFieldWords(found);
};

describe('a word that looks like a term and is none', () => {
  it.each([
    [
      'type:network port:443',
      '`port:` is no field and was looked for as text; did you mean `network.remote_port:` or `network.local_port:`?',
    ],
    [
      'network.port:443',
      '`network.port:` is no field and was looked for as text; did you mean `network.remote_port:` or `network.local_port:`?',
    ],
    ['-levle>=error', '`levle:` is no field and was looked for as text; did you mean `level:`?'],
    ['remote_port:443', '`remote_port:` is no field and was looked for as text; did you mean `network.remote_port:`?'],
    ['cpu:3 zzz:4', '`zzz:` is no field and was looked for as text.'],
  ])('%s is told', (pattern, words) => expect(said(pattern)).toBe(words));

  it.each([
    '',
    'level:error',
    'IRP failed',
    'status: 5',
    'http://host',
    'C:\\temp',
    'c:x',
    'std::string',
    '"port:443"',
  ])('of %s nothing is said', (pattern) => expect(said(pattern)).toBeNull());

  it('nothing is said of an expression', () => expect(said('port:443', true)).toBeNull());
});

it.each([
  ['netwrok.remote_port', 'network.remote_port'],
  ['sourcefile', 'source_file'],
  ['process_name', 'process'],
  ['file.pth', 'file.path'],
  ['msg', undefined],
])('%s may mean %s', (name, meant) => expect(nearNames(name)[0]).toBe(meant));
