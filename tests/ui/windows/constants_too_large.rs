use graven::model;

const KERNEL: usize = 7;

model! { pub Net(image: 5x5x1) < Conv2d(6, KERNEL, relu) > }

fn main() {}
