import { Component, type ComponentType, type FunctionComponent, h } from "preact";

/**
 * Renders a component anew only when one of its properties is another object:
 * a chat of a thousand lines gets one line at a time. (preact/compat has the
 * same, with much beside it.)
 */
export function memo<P extends object>(render: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const now = this.props as P;
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== now[key]);
    }

    override render(props: P) {
      return h(render, props);
    }
  };
}
