import { Component, type ComponentType, type JSX } from "preact";

/** Draws the component again only when one of its properties is another one. */
export function memo<P extends object>(Inner: ComponentType<P> | ((props: P) => JSX.Element)): ComponentType<P> {
  return class Kept extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]) as Set<keyof P>;
      return [...keys].some((key) => !Object.is(next[key], (this.props as P)[key]));
    }
    override render(): JSX.Element {
      return <Inner {...(this.props as P)} />;
    }
  };
}
