/**
 * The text of a record as its schema words it. In a message `{pid}` and `{local.port}` stand for fields, `[, from {name}]`
 * is left out where one of its fields is absent or empty, and `{{`, `}}`, `[[`, `]]` are the brackets themselves. A condition
 * is `name` (it is there and neither empty nor zero), `!name`, `name has flag`, `name = value` or `name != value`, where the
 * value is a number, the name of an enum, or the name of another field.
 */
import { integerOf, MISSING, type ObjectReader, SchemaFault } from './file-reader.ts';
import { type Condition, type Field, type Message, type MessagePart, type Path, SCHEMA_LIMITS } from './model.ts';
import { pathTo } from './paths.ts';
import type { Placed } from './placed-json.ts';

/** The messages of a type: a text, or a list of texts with conditions. */
export function readMessages(type: ObjectReader, fields: readonly Field[]): readonly Message[] {
  if (!type.has('message')) return [];
  const value = type.get('message');
  if (value.is === 'string') {
    return [messageOf(type.text('message', MISSING), [], fields, (said) => type.fault('message', said))];
  }
  const items = type.items('message');
  if (items.length > SCHEMA_LIMITS.messages) {
    throw type.fault('message', `there are more than ${SCHEMA_LIMITS.messages} messages`);
  }
  return items.map((item, at) => readMessage(item, `${type.inner('message')}[${at}]`, fields));
}

function readMessage(item: Placed, place: string, fields: readonly Field[]): Message {
  if (item.is !== 'object')
    throw new SchemaFault(item.at, place, "an object with 'text' and perhaps 'when' was expected");
  const fault = (key: string, said: string): SchemaFault => {
    const at = item.entries.get(key)?.value.at ?? item.at;
    return new SchemaFault(at, `${place}.${key}`, said);
  };
  for (const key of item.entries.keys()) {
    if (key !== 'text' && key !== 'when')
      throw new SchemaFault(item.at, place, `'${key.slice(0, 64)}' is not known here`);
  }
  const text = item.entries.get('text')?.value;
  if (text?.is !== 'string') throw fault('text', 'a text was expected');
  const when = item.entries.get('when')?.value;
  const listed = when === undefined ? [] : when.is === 'array' ? when.items : [when];
  if (listed.length > SCHEMA_LIMITS.conditions) {
    throw fault('when', `there are more than ${SCHEMA_LIMITS.conditions} conditions`);
  }
  const conditions = listed.map((each) => {
    if (each.is !== 'string') throw fault('when', "a condition was expected, such as 'action = start'");
    return conditionOf(each.value, fields, (said) => fault('when', said));
  });
  return messageOf(text.value, conditions, fields, (said) => fault('text', said));
}

type Fault = (said: string) => SchemaFault;

const CONDITION = /^(!?)\s*([A-Za-z_][\w.]*)\s*(?:(=|!=|has\b)\s*([^\s=!][^\s=]*))?$/;

function conditionOf(text: string, fields: readonly Field[], fault: Fault): Condition {
  const [, not = '', name = '', relation, value = ''] =
    text.length > SCHEMA_LIMITS.text ? [] : (CONDITION.exec(text) ?? []);
  if (name === '' || (not !== '' && relation !== undefined)) {
    throw fault(
      `'${text.slice(0, 64)}' is no condition such as 'pid', '!pid', 'action = start', 'a != b' or 'flags has cut'`,
    );
  }
  if (relation === 'has') return hasBits(name, value, fields, fault);
  const path = pathOf(name, fields, fault);
  if (relation === undefined) return { path, present: not === '' };
  const other = pathTo(fields, value);
  return { path, equal: relation === '=', to: other === null ? { value } : { path: other.path } };
}

function hasBits(name: string, flag: string, fields: readonly Field[], fault: Fault): Condition {
  const path = pathOf(name, fields, fault);
  const of = pathTo(fields, name)?.of;
  const named = of?.kind === 'int' ? of.flags?.values.find((each) => each.name === flag)?.value : undefined;
  const bits = named ?? integerOf(flag);
  if (of?.kind !== 'int' || bits === null || bits <= 0n) throw fault(`'${flag.slice(0, 64)}' is no flag of '${name}'`);
  return { path, bits };
}

function pathOf(name: string, fields: readonly Field[], fault: Fault): Path {
  const found = pathTo(fields, name);
  if (found === null) throw fault(`there is no field '${name.slice(0, 64)}'`);
  return found.path;
}

function messageOf(text: string, when: readonly Condition[], fields: readonly Field[], fault: Fault): Message {
  if (text.length > SCHEMA_LIMITS.text) throw fault(`the text is longer than ${SCHEMA_LIMITS.text} characters`);
  if (/[\r\n]/.test(text)) throw fault('a message is one line');
  const parts: MessagePart[] = [];
  let optional: MessagePart[] | null = null;
  let plain = '';
  const flush = (): void => {
    if (plain !== '') (optional ?? parts).push({ text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (!'{}[]'.includes(character)) {
      plain += character;
      continue;
    }
    if (text[at + 1] === character) {
      plain += character;
      at++;
      continue;
    }
    flush();
    if (character === '[' && optional === null) optional = [];
    else if (character === ']' && optional !== null) {
      if (!optional.some((part) => 'path' in part)) throw fault('between [ and ] stands no field');
      parts.push({ optional });
      optional = null;
    } else if (character === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) throw fault("'{' is not closed");
      (optional ?? parts).push({ path: pathOf(text.slice(at + 1, end), fields, fault) });
      at = end;
    } else throw fault(`'${character}' stands alone; write it twice for itself`);
  }
  flush();
  if (optional !== null) throw fault("'[' is not closed");
  return { when, parts, text };
}
