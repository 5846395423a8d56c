/** What a player sees of a game, as elements; `act` sends an action. */
export function show({ view, you, act }) {
  const heap = document.createElement("p");
  heap.className = "stones";
  heap.textContent = `${"●".repeat(view.stones)} ${view.stones}`;
  const mine = view.players[view.turn % view.players.length] === you && view.stones > 0;
  const buttons = [1, 2, 3].map((take) => {
    const button = document.createElement("button");
    button.textContent = `Take ${take}`;
    button.disabled = !mine;
    button.onclick = () => act({ take });
    return button;
  });
  return [heap, ...buttons];
}
