/** The panes about where rows come from: the sources, the driver of this system, and why nothing comes. */
import { DoctorSection } from '../doctor-section.tsx';
import { DriverSection } from '../driver-section.tsx';
import { Sources } from '../source-section.tsx';
import { Section } from './section.tsx';

export function SourcePane() {
  return (
    <div className="pane-scroll">
      <Section id="source" title="Sources">
        <Sources />
      </Section>
    </div>
  );
}

export function DriverPane() {
  return (
    <div className="pane-scroll">
      <Section id="driver" title="Driver">
        <DriverSection />
      </Section>
    </div>
  );
}

export function DoctorPane() {
  return (
    <div className="pane-scroll">
      <Section id="doctor" title="Doctor">
        <DoctorSection />
      </Section>
    </div>
  );
}
