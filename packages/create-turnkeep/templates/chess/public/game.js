const pieces = { k: "♚", q: "♛", r: "♜", b: "♝", n: "♞", p: "♟", K: "♔", Q: "♕", R: "♖", B: "♗", N: "♘", P: "♙" };
let from = null;

/** What a player sees of a game, as elements; `act` sends an action. A piece is clicked, then its new square. */
export function show({ view, you, act }) {
  const isBlack = view.players[1] === you;
  const mine = view.players[view.moves.length % 2] === you && view.over === null;
  const ranks = view.fen
    .split(" ")[0]
    .replace(/\d/g, (empty) => ".".repeat(Number(empty)))
    .split("/");
  const squares = ranks.flatMap((rank, row) =>
    [...rank].map((piece, column) => ({
      piece,
      name: `${"abcdefgh"[column]}${8 - row}`,
      dark: (row + column) % 2 === 1,
    })),
  );
  const pieceAt = (name) => squares.find((square) => square.name === name).piece;
  from = null;
  const board = document.createElement("div");
  board.className = "board";
  for (const { piece, name, dark } of isBlack ? squares.reverse() : squares) {
    const button = document.createElement("button");
    button.dataset.square = name;
    button.className = dark ? "dark" : "";
    button.textContent = pieces[piece] ?? "";
    button.disabled = !mine;
    button.onclick = () => {
      if (from === null) {
        from = name;
        button.classList.add("from");
        return;
      }
      const promotes = pieceAt(from).toLowerCase() === "p" && /[18]$/.test(name);
      if (from !== name) act({ move: `${from}${name}${promotes ? "q" : ""}` });
      from = null;
      board.querySelector(".from").classList.remove("from");
    };
    board.append(button);
  }
  const resign = document.createElement("button");
  resign.textContent = "Resign";
  resign.disabled = !mine;
  resign.onclick = () => act({ resign: true });
  const moves = document.createElement("p");
  moves.className = "moves";
  moves.textContent = view.moves.join(" ");
  return [board, resign, moves];
}
