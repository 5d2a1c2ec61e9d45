/** What a crash left, above the table: one click opens it. Nothing is lost by dismissing it, which is said. */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { formatPlural } from '../model/format.ts';
import { offerText } from '../model/recorded.ts';
import { useApp, usePage, useRecorded, useRun } from './app-context.ts';

export function SessionOffer() {
  const page = usePage();
  const { recorded } = useApp();
  const run = useRun();
  const offers = useRecorded(({ offers }) => offers);
  const [newest] = offers;
  if (newest === undefined) return null;
  const more = offers.length - 1;
  return (
    <MessageBar intent="info" layout="multiline" data-testid="session-offer">
      <MessageBarBody>
        <MessageBarTitle>RingView did not end as it should; what it recorded is here.</MessageBarTitle>{' '}
        <b>{newest.name}</b>: {offerText(newest)}
        {more > 0 && `, and ${formatPlural(more, 'earlier session')}`}.{' '}
        <span className="action-text">It stays in the list of sessions.</span>
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button
            appearance="transparent"
            size="small"
            icon={<DismissRegular />}
            aria-label="Dismiss"
            data-testid="offer-dismiss"
            onClick={recorded.dismissOffers}
          />
        }
      >
        <Button
          size="small"
          appearance="primary"
          data-testid="offer-open"
          onClick={() => {
            recorded.dismissOffers();
            void page.openRecorded(newest.id);
          }}
        >
          Open
        </Button>
        <Button
          size="small"
          data-testid="offer-list"
          onClick={() => {
            recorded.dismissOffers();
            run('sessions');
          }}
        >
          Sessions…
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
