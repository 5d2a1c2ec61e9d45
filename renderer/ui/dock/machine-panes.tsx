/** The panes about where rows come from: the sources and why nothing comes of them, the driver of this system. */
import { useCapture } from '../app-context.ts';
import { DebugFilterEditor } from '../debug-filter-editor.tsx';
import { DoctorSection } from '../doctor-section.tsx';
import { DriverSection } from '../driver-section.tsx';
import { Sources } from '../source-section.tsx';
import { Section } from './section.tsx';

export function SourcePane() {
  return (
    <div className="pane-scroll side-by-side">
      <Section id="source" title="Sources">
        <Sources />
      </Section>
      <Section id="doctor" title="Doctor">
        <DoctorSection />
      </Section>
    </div>
  );
}

export function DriverPane() {
  const windows = useCapture((capture) => capture.windows);
  return (
    <div className="pane-scroll side-by-side">
      <Section id="driver" title="Driver">
        <DriverSection />
      </Section>
      {windows && (
        <Section id="debugFilter" title="Debug print filter">
          <DebugFilterEditor />
        </Section>
      )}
    </div>
  );
}
