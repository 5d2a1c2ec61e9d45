/** What a person has named, coloured and added, as the settings keep it for the service: filters, highlights, schemas. */
import { Colours } from '../service/colours.ts';
import { FilterSets } from '../service/filter-sets.ts';
import { SchemaFiles } from '../service/schema-files.ts';
import type { Dialogs } from './dialogs.ts';
import type { SettingsFile } from './settings-file.ts';

export interface Kept {
  readonly colours: Colours;
  readonly filterSets: FilterSets;
  readonly schemas: SchemaFiles;
}

/** `schemasChanged`: other schemas are in use. */
export function keptInSettings(settings: SettingsFile, dialogs: Dialogs, schemasChanged: () => void): Kept {
  const colours = new Colours({
    load: () => settings.value.highlights,
    keep: (change) => settings.update(({ highlights }) => ({ highlights: change(highlights) })),
  });
  const filterSets = new FilterSets({
    load: () => settings.value.filters,
    keep: (change) => settings.update(({ filters }) => ({ filters: change(filters) })),
    highlights: () => colours.all,
    addHighlights: (rules) => colours.add(rules),
    askForTarget: dialogs.askForFilterTarget,
    askForFile: dialogs.askForFilterFile,
  });
  const schemas = new SchemaFiles({
    paths: () => settings.value.schemas,
    change: (change) => settings.update((now) => ({ schemas: change(now.schemas) })),
    askForFiles: dialogs.askForSchemas,
    changed: schemasChanged,
  });
  return { colours, filterSets, schemas };
}
