/** What a player sees of a game, as elements; `act` sends an action. */
export function show({ view, you, act }) {
  const line = (className, text) => {
    const element = document.createElement("p");
    element.className = className;
    element.textContent = text;
    return element;
  };
  const name = (player) => (player === you ? "You" : "They");
  const scores = view.players.map((player) => `${name(player)}: ${view.scores[player] ?? 0}`).join(" · ");
  const shown = Object.entries(view.shown).map(([player, card]) => `${name(player)} had ${card}.`);
  const cards = view.hand.map((card) => {
    const button = document.createElement("button");
    button.textContent = card;
    button.disabled = view.chosen !== null;
    button.onclick = () => act({ card });
    return button;
  });
  const waits = view.chosen === null ? "Choose a card." : `You chose ${view.chosen}. Waiting for the other.`;
  return [
    line("scores", scores),
    line("shown", shown.join(" ")),
    line("waits", view.hand.length > 0 ? waits : ""),
    ...cards,
  ];
}
