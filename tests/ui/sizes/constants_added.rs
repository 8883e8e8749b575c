use graven::model;

const A: usize = 3;
const B: usize = 4;
model! { pub Net(x: A, y: B) < Add(x, y) > }

fn main() {}
