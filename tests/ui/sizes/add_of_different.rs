use graven::model;

model! { pub Net(x: 3, y: 4) < Add(x, y) > }

fn main() {}
