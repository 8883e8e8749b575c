use graven::model;

model! { pub Net(x:, y: 3) < Add(x, y) > }

fn main() {}
