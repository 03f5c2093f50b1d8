/** A section of a pane: a small head with a quiet addition and a figure at its right, then its content. */
import type { ReactNode } from "react";
import text from "../../shared/text.module.css";

interface SectionProps {
  title: string;
  /** After the title, in the same small face. */
  note?: ReactNode;
  /** At the right end. */
  figure?: ReactNode;
  children: ReactNode;
}

export function Section({ title, note, figure, children }: SectionProps) {
  return (
    <section className={text.section} aria-label={title}>
      <div className={text.sectionHead}>
        <span>{title}</span>
        {note ? <span>{note}</span> : null}
        {figure ? <span className={`${text.number} ${text.middle}`}>{figure}</span> : null}
      </div>
      {children}
    </section>
  );
}
