/** A name that is cut before its end, where there is too little room: what holds it has all of it as its tip. */
import { nameEnds } from '../model/name-ends.ts';

export function NameEnds({ name }: { readonly name: string }) {
  const { start, end } = nameEnds(name);
  if (end === '') return <span className="name-start">{name}</span>;
  return (
    <span className="name-ends">
      <span className="name-start" aria-hidden="true">
        {start}
      </span>
      <span aria-hidden="true">{end}</span>
      {/* Two parts would be read as two names. */}
      <span className="only-read">{name}</span>
    </span>
  );
}
