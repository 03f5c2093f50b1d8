/**
 * Markdown that somebody else wrote: raw HTML is dropped, images are named and never loaded, links open only after their whole
 * address was shown, and only to the web.
 */
import { type ComponentProps, memo } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import { ForeignLink } from "./ForeignLink";
import classes from "./SafeMarkdown.module.css";
import { webAddress } from "./webAddress";

/** Longer texts are shown as they are: parsing them would hold up the window. */
export const longestMarkdown = 200_000;

const components: Components = {
  a: ({ href, children }) => <ForeignLink address={webAddress(href)}>{children}</ForeignLink>,
  img: ({ alt }: ComponentProps<"img">) => <span className={classes.image}>{alt ? `Image: ${alt}` : "Image"}</span>,
  // The page has its own headings; those of a document come below them.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  table: ({ children }) => (
    <div className={classes.table}>
      <table>{children}</table>
    </div>
  ),
};

const plugins = [remarkGfm, remarkFrontmatter];

export const SafeMarkdown = memo(function SafeMarkdown({ text }: { text: string }) {
  if (text.length > longestMarkdown) return <pre className={classes.plain}>{text}</pre>;
  return (
    <div className={classes.markdown}>
      <Markdown remarkPlugins={plugins} components={components} skipHtml urlTransform={(address) => webAddress(address) ?? ""}>
        {text}
      </Markdown>
    </div>
  );
});
