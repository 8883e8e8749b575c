use graven::model;

model! { pub Net(x: 3) < Add(x) > }

fn main() {}
