/**
 * Says below the table that a filter matches nothing although losses are shown, because those would look like matches.
 */
import { Button } from '@fluentui/react-components';
import { noMatch } from '../../model/emptiness.ts';
import { isFiltering } from '../../store/filter.ts';
import { useApp, useFilter, useView } from '../app-context.ts';
import { useUnknownField } from '../filter-failure.tsx';

export function OnlyLosses() {
  const app = useApp();
  const filtering = useFilter(isFiltering);
  const lacking = useView((view) =>
    view.end === view.first || view.stopped !== null
      ? null
      : noMatch({ ...view, filtering, scanning: view.scan !== null }),
  );
  const unknown = useUnknownField();
  if (lacking === null) return null;
  return (
    <div className="scan-stopped" role="status" data-testid="only-losses">
      <span>
        <b>{lacking === 'no-match' ? 'No record matches the filter.' : 'No record matches so far.'}</b> What is shown
        are losses, which no text or level hides. {unknown}
      </span>
      <Button size="small" onClick={app.filter.reset}>
        Show everything
      </Button>
    </div>
  );
}
