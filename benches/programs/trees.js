function make(depth) {
  if (depth === 0) return { left: null, right: null, leaf: true };
  return { left: make(depth - 1), right: make(depth - 1), leaf: false };
}

function count(tree) {
  if (tree.leaf) return 1;
  return 1 + count(tree.left) + count(tree.right);
}

let total = 0;
for (let i = 0; i < 20; i++) total += count(make(14));
console.log(total);
