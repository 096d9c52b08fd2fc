/* What the page's scripts find around them. What the scripts make of themselves is inferred from them, by check.mjs. */
type Made<Name extends keyof Page> = Page[Name] extends abstract new (...given: any) => infer One ? One : never;
type Page = typeof import('../../../dashboard/lrscope_dashboard/assets/page.js');

interface Window {
  Plotly: any;
  React: any;
  dash_ag_grid: any;
  dash_clientside: any;
  dashAgGridComponentFunctions: any;
  dashAgGridFunctions: any;
}
declare const Plotly: any;

// An element found or made by a text can be any element.
interface Document {
  createElement(tag: string): any;
  getElementById(id: string): any;
}
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}
interface EventTarget {
  closest(selectors: string): any;
}
interface Element {
  closest(selectors: string): any;
  focus(options?: FocusOptions): void;
}
