use graven::{Backward, Layer, Parameters, model, simd::Level};

#[derive(Parameters)]
#[repr(C)]
pub struct Own {
    factor: [f32; 1],
}

impl Layer for Own {
    type Input = [[[f32; 1]; 8]; 8];
    type Output = [[[f32; 1]; 8]; 8];
    fn forward<L: Level>(&self, _: L, _: &[Self::Input], _: &mut [Self::Output], _: &mut [f32]) {}
    fn backward<L: Level>(&self, _: L, _: Backward<'_, Self>, _: &mut Self) {}
}

model! { pub Net < Own, Conv2d(6, 5x5, relu) > }

fn main() {}
