import { Component, type ComponentChildren, type JSX } from "preact";

/** Where a part of the page cannot be drawn, something stands that says so, rather than nothing. */
export class Guard extends Component<{ readonly children: ComponentChildren }, { readonly broken: boolean }> {
  override state = { broken: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ broken: true });
  }

  override render(): JSX.Element {
    if (!this.state.broken) return <>{this.props.children}</>;
    return (
      <section class="notice" role="alert">
        <p>Something went wrong in this page. Your games are safe on the server: load it again to go on.</p>
        <p class="buttons after">
          <button type="button" class="primary" onClick={() => location.reload()}>
            Load it again
          </button>
          <a class="button" href="#/">
            Back to the lobby
          </a>
        </p>
      </section>
    );
  }
}
